"""Under which addresses does the API server serve us? Relative ones work behind any base path."""

URL_PREFIX = "/wirewatch"
STATIC_URL = "wirewatch/static"
