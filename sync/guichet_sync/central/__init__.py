"""The central request server: intents in, numbered feeds out, on PostgreSQL or embedded SQLite alike."""
