"""Files into records. A file is taken whole or not at all, unless bad lines are to be skipped; each bad line is named."""
