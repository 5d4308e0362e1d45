# The machine arm: 32-bit ARMv7 with floating point registers.

arm.native := armv7l armv8l
arm.cc     := arm-linux-gnueabihf-gcc
arm.qemu   := qemu-arm
arm.gdb    := gdb-multiarch -ex "set architecture armv7"
arm.debs   := $(if $(filter armhf,$(HOST)),gcc libc6-dev,\
                gcc-arm-linux-gnueabihf libc6-dev-armhf-cross)
