# The rules behind the reader's commands.  Each command is a small program in
# tools/, which says at its head what it does.

SHELL       := /bin/sh
MAKEFLAGS   += --no-print-directory

deps:
	@tools/deps
chapter%:
	@tools/chapter $* $(TARGET)
broken-%:
	@tools/broken $* $(TARGET)
exercise-%:
	@tools/exercise $* $(TARGET)
hint-%:
	@tools/exercise --hint $* $(HINT)
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

.PHONY: help deps book check bench sanitize record clean
