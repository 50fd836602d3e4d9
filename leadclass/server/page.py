"""The page and what it asks for: reports as HTML, and the files that it is made of."""

ROUTES = []
