"""The post's encrypted files: two rebuildable mirrors and one precious file of unsent work. Only frozen dataclasses leave."""
