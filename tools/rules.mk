# The rules behind the reader's commands.  Each command is a small program in
# tools/, which says at its head what it does.

SHELL       := /bin/sh
MAKEFLAGS   += --no-print-directory

# These have said themselves what is wrong.  With -q, make adds no "*** Error 1"
# to a status of 1, and carries out only the lines that begin with +.
QUIET := exercise exercise-% hint hint-%
ifeq ($(or $(filter-out $(QUIET),$(or $(MAKECMDGOALS),help)),\
       $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS))))),)
MAKEFLAGS += -q
THEN := +
endif

deps:
	@tools/deps
chapter%:
	@tools/chapter $* $(TARGET)
broken-%:
	@tools/broken $* $(TARGET)
exercise-%: FORCE
	$(THEN)@tools/exercise $* $(TARGET)
hint-%: FORCE
	$(THEN)@tools/exercise --hint $* $(HINT)
exercise:
	$(THEN)@tools/exercise
hint:
	$(THEN)@tools/exercise --hint
FORCE:
check:
	@tools/check
bench:
	@tools/bench
sanitize:
	@tools/sanitize $(CHAPTER)
record:
	@tools/record $(NAME)
clean:
	rm -rf build book.pdf code/chapter* code/broken

# The book is woven again when something that is printed in it has changed.
PRINTED := book.nw book.sty $(wildcard *.bib chapters/*.nw figures/* \
             transcripts/* exercises/*/*.tex tools/*.awk) \
             $(addprefix tools/,book weave)
book: book.pdf
book.pdf: $(PRINTED)
	@tools/book
ifneq ($(filter deps,$(MAKECMDGOALS)),)
book.pdf: | deps
endif

.PHONY: FORCE exercise hint help deps book check bench sanitize record clean
