"""French and English text analysis, the same on the post and on the server, versioned."""

from .analysis import ANALYSIS_VERSION, article_terms, fold, query_terms, words
from .highlight import highlight
from .text import plain_text

__all__ = ["ANALYSIS_VERSION", "article_terms", "fold", "highlight", "plain_text", "query_terms", "words"]
