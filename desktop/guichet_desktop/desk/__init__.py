"""The verbs of a desk, free of Qt: what screens and ``guichetctl`` both do."""
