# The machine 386: 32-bit x86.  An x86-64 processor could run these programs
# too, if its kernel is so configured; we do not count on it.

386.native := i386 i486 i586 i686
386.cc     := i686-linux-gnu-gcc
386.qemu   := qemu-i386
386.gdb    := gdb-multiarch -ex "set architecture i386"
386.debs   := $(if $(filter i386,$(HOST)),gcc libc6-dev,\
                gcc-i686-linux-gnu libc6-dev-i386-cross)
