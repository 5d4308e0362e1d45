# The rules behind the reader's commands.  Each command is a small program in
# tools/, which says at its head what it does.

SHELL       := /bin/sh
MAKEFLAGS   += --no-print-directory -rR

# No tool depends on the reader's settings, or on run bits, which not every disk
# keeps.
export LC_ALL := C
unexport POSIXLY_CORRECT PERL_UNICODE CDPATH GREP_OPTIONS TAR_OPTIONS

# All commands but these two write here.
ifneq ($(filter-out help deps,$(MAKECMDGOALS)),)
LOCKED := $(shell for d in . build code work; do \
             if [ -h $$d ] && ! [ -e $$d ]; then \
               echo "the link $$d leads nowhere: make its folder, or remove it"; \
             elif [ -e $$d ] && ! [ -w $$d ]; then \
               echo "the folder $$d cannot be written to:" \
                 "make it yours, or copy the book to a place where you can write"; \
             fi; done | sed 1q)
$(if $(LOCKED),$(error $(LOCKED)))
endif

# These have said themselves what is wrong.  With -q, make adds no "*** Error 1"
# to a status of 1, and carries out only the lines that begin with +.
QUIET := chapter% broken% exercise% hint%
ifeq ($(or $(filter-out $(QUIET),$(or $(MAKECMDGOALS),help)),\
       $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS))))),)
MAKEFLAGS += -q
THEN := +
endif

deps:
	@sh tools/deps
# FORCE: a file or folder of that name at the top is no product of theirs.
chapter%: FORCE
	$(THEN)@perl tools/guard perl tools/chapter '$*' $(TARGET)
broken-%: FORCE
	$(THEN)@perl tools/guard perl tools/broken '$*' $(TARGET)
exercise-%: FORCE
	$(THEN)@perl tools/guard perl tools/exercise '$*' $(TARGET)
hint-%: FORCE
	$(THEN)@perl tools/guard perl tools/exercise --hint '$*' $(HINT)
chapter broken exercise:
	$(THEN)@perl tools/guard perl tools/$@
hint:
	$(THEN)@perl tools/guard perl tools/exercise --hint
FORCE:
check:
	@perl tools/guard perl tools/check
bench:
	@perl tools/guard perl tools/bench
sanitize:
	@perl tools/guard perl tools/sanitize $(CHAPTER)
mutants:
	@perl tools/guard perl tools/mutants $(TARGET) $(NAME)
record:
	@perl tools/guard perl tools/record $(NAME)
clean:
	@sh tools/clean
.DEFAULT:
	@echo "there is no command $@; make help lists them" >&2; exit 1

# The book is woven again when something that is printed in it has changed.
PRINTED := book.nw book.sty $(wildcard *.bib chapters/*.nw figures/* \
             transcripts/* exercises/*/*.tex tools/*.awk) \
             $(addprefix tools/,book weave)
book: book.pdf
$(PRINTED) Makefile tools/rules.mk: ;
book.pdf: $(PRINTED)
	@perl tools/guard sh tools/book
ifneq ($(filter deps,$(MAKECMDGOALS)),)
book.pdf: | deps
endif

.PHONY: FORCE chapter broken exercise hint help deps book check bench sanitize \
  mutants record clean
