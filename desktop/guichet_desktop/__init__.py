"""Everything a clerk sees and does."""
