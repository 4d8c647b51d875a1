# The menu. What each word does stands in labkit/bootstrap.py, which needs python3 (3.11 or newer) and nothing else.
# Another Python: make test PYTHON=python3.12    More arguments: make test ARGS="-k mutex"
PYTHON ?= python3
START = @$(PYTHON) labkit/bootstrap.py

.PHONY: menu lab test bench kernel build doctor check new-lesson new-exercise clean

menu:  # print this menu
	@sed -n 's/^\([a-z-]*\):  # /make \1	/p' Makefile | expand -t 20

lab:  # open the course in JupyterLab
	$(START) lab $(ARGS)

test:  # run every test
	$(START) test $(ARGS)

bench:  # measure labkit beside its peers
	$(START) bench $(ARGS)

kernel:  # fetch a real Linux kernel into your cache, without root, and run a module in it
	$(START) kernel $(ARGS)

build:  # write notebooks/, exercises/ and solutions/ from lessons/
	$(START) build $(ARGS)

doctor:  # say what works on this machine and what each lesson needs
	$(START) doctor $(ARGS)

check:  # style, types and floors: ruff, mypy, import-linter
	$(START) check $(ARGS)

new-lesson:  # begin a lesson: make new-lesson ARGS="06_races"
	$(START) new-lesson $(ARGS)

new-exercise:  # begin an exercise: make new-exercise ARGS="06_races 6a"
	$(START) new-exercise $(ARGS)

clean:  # remove the venv and the caches; your work/ stays
	$(START) clean
