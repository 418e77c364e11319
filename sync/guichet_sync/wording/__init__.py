"""Words for people: one gettext catalogue for screens, commands, web pages and e-mails alike."""
