// What tools/bench measures, in Go: each line is NAME VALUE UNIT.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// best runs f(n) several times, for about a twentieth of a second each, and
// returns the best time of one of the n*ops operations, in nanoseconds.
func best(ops int, f func(n int)) float64 {
	n := 1000
	t := time.Now()
	f(n)
	n = int(int64(n)*50e6/(time.Since(t).Nanoseconds()+1)) + 1
	min := time.Duration(0)
	for k := 0; k < 7; k++ {
		t = time.Now()
		f(n)
		if d := time.Since(t); k == 0 || d < min {
			min = d
		}
	}
	return float64(min.Nanoseconds()) / float64(n*ops)
}

func yields(n int) {
	done := make(chan bool)
	for k := 0; k < 2; k++ {
		go func() {
			for i := 0; i < n; i++ {
				runtime.Gosched()
			}
			done <- true
		}()
	}
	<-done
	<-done
}

var ended int

func spawns(n int) {
	for i := 0; i < n; i++ {
		go func() { ended++ }()
		runtime.Gosched()
	}
}

func roundtrips(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for x := range ping {
			pong <- x
		}
	}()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
	close(ping)
}

// The same with this goroutine locked to its thread.
func lockedtrips(n int) {
	runtime.LockOSThread()
	roundtrips(n)
	runtime.UnlockOSThread()
}

func sleeps(n int) {
	for i := 0; i < n; i++ {
		time.Sleep(1)
	}
}

func buffered(n int) {
	c := make(chan int, 1)
	for i := 0; i < n; i++ {
		c <- i
		<-c
	}
}

func selects(n int) {
	never, c := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			c <- i
		}
	}()
	for i := 0; i < n; i++ {
		select {
		case <-never:
		case <-c:
		}
	}
}

func locks(n int) {
	var mu sync.Mutex
	for i := 0; i < n; i++ {
		mu.Lock()
		mu.Unlock()
	}
}

func reads(n int) {
	var b [1]byte
	for i := 0; i < n; i++ {
		syscall.Read(-1, b[:0])
	}
}

// The same while another goroutine yields all the time.
func busyreads(n int) {
	var stop int32
	done := make(chan bool)
	go func() {
		for atomic.LoadInt32(&stop) == 0 {
			runtime.Gosched()
		}
		done <- true
	}()
	reads(n)
	atomic.StoreInt32(&stop, 1)
	<-done
}

// resident returns the size of the process in memory, in bytes.
func resident() int {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "VmRSS:") {
			var kb int
			fmt.Sscanf(s.Text(), "VmRSS: %d kB", &kb)
			return kb * 1024
		}
	}
	panic("no VmRSS")
}

func main() {
	fmt.Printf("yield %.2f ns\n", best(2, yields))
	fmt.Printf("spawn %.2f ns\n", best(1, spawns))
	fmt.Printf("roundtrip %.2f ns\n", best(1, roundtrips))
	fmt.Printf("buffered %.2f ns\n", best(1, buffered))
	fmt.Printf("lockedtrip %.2f ns\n", best(1, lockedtrips))
	fmt.Printf("sleep %.2f ns\n", best(1, sleeps))
	fmt.Printf("select %.2f ns\n", best(1, selects))
	fmt.Printf("lock %.2f ns\n", best(1, locks))
	fmt.Printf("sysread %.2f ns\n", best(1, reads))
	fmt.Printf("busycall %.2f ns\n", best(1, busyreads))
	const parked = 100000
	before := resident()
	wait := make(chan bool)
	for i := 0; i < parked; i++ {
		go func() { <-wait }()
	}
	for i := 0; i < 10; i++ {
		runtime.Gosched()
	}
	time.Sleep(100 * time.Millisecond)
	fmt.Printf("parked %d bytes\n", (resident()-before)/parked)
}
