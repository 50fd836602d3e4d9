"""A table of statements in, their labels out: asked one by one, in the terminal.

What is asked and what is answered (`questions`, `session`, `journal`) knows nothing of a terminal;
`screen` draws, `keyboard` reads, `asking` brings the two together.
"""
