# What tools/mutants adds to a tree's Makefile: a test program is linked from
# an object of its own, so that a mutant of the runtime compiles no test again.

.SECONDARY:
$O/test/%.t: $O/test/%.o $O/libruntime.a
	$(LINK) -o $@ $< $O/libruntime.a
$O/test/%.o: test/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c $(BESIDE) $<
	$(MOVE)
# What links a test.
linkwith:
	@echo $(LINK)
