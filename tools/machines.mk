# Prints what is known about each machine in qemu/, one line for each:
#
#	name|compiler|run prefix|how it runs|missing packages|gdb
#
#	make -s -f tools/machines.mk [NATIVE=none]
#
# The native machine is the one whose list has the word of uname -m, unless
# NATIVE names another, or none.  The variables that a machine's file sets:
#
#	M.native  the words of uname -m for which programs run as they are
#	M.cc      the compiler's name when M is foreign
#	M.qemu    the emulator that runs its programs
#	M.gdb     a debugger that can attach to that emulator
#	M.debs    Debian packages of the compiler and the C library

HOST     := $(shell dpkg --print-architecture 2>/dev/null)
MACHINES := $(basename $(notdir $(wildcard qemu/*.mk)))
include $(wildcard qemu/*.mk)

UNAME    := $(shell uname -m)
NATIVE   ?= $(strip $(foreach m,$(MACHINES),\
              $(if $(filter $(UNAME),$($m.native)),$m)))
foreign   = $(filter-out $(NATIVE),$1)
cc        = $(if $(foreign),$($1.cc),gcc)
qemu      = $(if $(foreign),$($1.qemu))
how       = $(if $(foreign),$($1.qemu),native)

# A compiler counts only if it finds a C library to link statically.
haslibc   = $(findstring /,$(shell $(cc) -print-file-name=libc.a 2>&1 |\
              grep '/libc\.a$$'))
hasqemu   = $(shell command -v $($1.qemu))
missing   = $(strip $(if $(haslibc),,$($1.debs))\
              $(if $(foreign),$(if $(hasqemu),,qemu-user)))

$(foreach m,$(filter $(NATIVE),$(MACHINES)) $(filter-out $(NATIVE),$(MACHINES)),\
  $(info $m|$(call cc,$m)|$(call qemu,$m)|$(call how,$m)|$(call \
    missing,$m)|$($m.gdb)))
all:;@:
