"""One screen or pane per file. Screens talk to ``desk/`` through the desk thread, never to a disk or a network."""
