"""The page and the JSON API that ``leadclass serve`` offers on one's own machine."""
