# The machine amd64: 64-bit x86.

amd64.native := x86_64
amd64.cc     := x86_64-linux-gnu-gcc
amd64.qemu   := qemu-x86_64
amd64.gdb    := gdb-multiarch -ex "set architecture i386:x86-64"
amd64.debs   := $(if $(filter amd64,$(HOST)),gcc libc6-dev,\
                  gcc-x86-64-linux-gnu libc6-dev-amd64-cross)
