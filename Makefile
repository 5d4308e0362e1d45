# Switching Stacks: the commands.  The rules behind them are in tools/rules.mk.

##   make deps           install the Debian packages that are missing
##   make book           book.pdf, the book
##   make chapter2       make, build and test the program as it stands at the
##                       end of chapter 2; TARGET=arm for one machine,
##                       NATIVE=none to emulate every machine
##   make broken-smash   the tree with a bug that the book tells, built;
##                       TARGET=arm for another machine
##   make exercise-2.1   the exercise's failing test, in your own working copy;
##                       TARGET=arm or TARGET=all for other machines
##   make hint-2.1       the next hint for it; HINT=1 for the first again
##   make check          everything in the book is tried; ends with the ledger
##   make bench          the numbers, measured here
##   make sanitize       the last chapter's tests under the thread and address
##                       sanitizers of gcc; CHAPTER=7 for another
##   make mutants        small mistakes put into the last chapter's tree, one at
##                       a time, to see that its tests catch them; TARGET=arm
##                       for one machine, NAME=... for those about it
##   make record         record the transcripts and figures anew; NAME=... for some
##   make clean          remove all that was made, but not your working copies
help:
	@sed -n 's/^## *//p' Makefile | sed 's/^[^m]/                    &/'

include tools/rules.mk
