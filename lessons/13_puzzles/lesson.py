# %% [markdown] id="title"
# # 13 · Puzzles
#
# After this you can …
#
# - take a story apart into variables, and a condition that must always hold.

# %% [markdown] id="keep-this"
# ## Keep this
#
# [Exercises 13](../exercises/13_puzzles.ipynb). Words: [glossary](../GLOSSARY.md).
