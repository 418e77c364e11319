"""The wire between a post and the central server: messages, their codec, and versions. No input or output happens here."""
