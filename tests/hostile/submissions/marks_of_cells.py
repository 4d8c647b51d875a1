# exercise = "5d"
# tries = "marks of cells, of hidden tests, and a cookie of an encoding inside of the cell"
# states = ["passed"]
# share = 1.0
# checks = [0]
# innocent = true

# -*- coding: rot13 -*-
# %%
# THE COURSE'S OWN SOLUTION
# %% [markdown]
### BEGIN HIDDEN TESTS
### END HIDDEN TESTS
