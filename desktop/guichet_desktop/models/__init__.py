"""What the views show, as Qt models of frozen values."""
