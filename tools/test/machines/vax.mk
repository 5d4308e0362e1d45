# A machine that nobody has, for the tests of the tools.

vax.native := vax
vax.cc     := vax-linux-gnu-gcc
vax.qemu   := qemu-vax
vax.gdb    := gdb-multiarch -ex "set architecture vax"
vax.debs   := gcc-vax-linux-gnu libc6-dev-vax-cross
