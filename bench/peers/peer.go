package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"rator/bench/rig"
)

// connections are how many ask at the same time, unless a work says otherwise.
const connections = 16

// peer is a server of other people's that answers an echo of the published WSDL.
type peer struct {
	name     string
	needs    []string // programs, and files by their paths
	packages string   // what to install for them
	// command builds the server in a folder and gives what starts it; echoed is a file
	// with an answer.
	command func(ctx context.Context, dir, echoed string) (*exec.Cmd, error)
	slower  int // it is asked a part of the calls that others are
	warm    int // measurements that do not count, until what runs is compiled
}

const (
	wsdl         = "testdata/wsdl/invoker-single.wsdl"
	jaxWSRuntime = "/usr/share/java/jaxws-rt.jar" // where Debian has it; its manifest names the other jars
)

var peers = []peer{
	{gSOAP, []string{"wsdl2h", "soapcpp2", "g++"}, "Debian's gsoap, libgsoap-dev, g++", gsoapServer, 1, 1},
	{jaxWS, []string{"wsimport", "javac", "java", jaxWSRuntime}, "Debian's jaxws, libjaxws-java, default-jdk-headless", jaxwsServer, 2, 5},
	{node, []string{"node", "npm"}, "Debian's nodejs, npm, and of npm what bench/node/package-lock.json names", nodeServer, 5, 2},
	{netHTTP, nil, "", nethttpServer, 1, 1},
}

// missing says what of a peer's needs this machine does not have.
func (p peer) missing() error {
	for _, need := range p.needs {
		var err error
		if strings.HasPrefix(need, "/") {
			_, err = os.Stat(need)
		} else {
			_, err = exec.LookPath(need)
		}
		if err != nil {
			return fmt.Errorf("no %s: install %s", need, p.packages)
		}
	}
	return nil
}

var servingLine = regexp.MustCompile(`serving http://(127\.0\.0\.1:\d+)/`)

// start builds and starts a peer on a processor of its own.
func (p peer) start(ctx context.Context, dir, echoed string, core int) (started *rig.Process, err error) {
	dir = filepath.Join(dir, strings.Fields(strings.ReplaceAll(p.name, "/", "-"))[0])
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	cmd, err := p.command(ctx, dir, echoed)
	if err != nil {
		return nil, err
	}
	err = rig.OnCore(core, func() error {
		started, err = rig.Start(cmd, filepath.Join(dir, "printed"), servingLine)
		return err
	})
	return started, err
}

func gsoapServer(ctx context.Context, dir, _ string) (*exec.Cmd, error) {
	source, err := filepath.Abs("bench/gsoap/echo.cpp")
	if err != nil {
		return nil, err
	}
	contract, err := filepath.Abs(wsdl)
	if err != nil {
		return nil, err
	}
	err = in(ctx, dir,
		[]string{"wsdl2h", "-o", "invoker.h", contract},
		[]string{"soapcpp2", "-j", "-S", "-x", "-L", "-w", "invoker.h"},
		[]string{"g++", "-std=c++17", "-O3", "-I.", "-o", "echo", source, "soapC.cpp", "soapInvokerPortBindingService.cpp", "-lgsoap++", "-lpthread"})
	return exec.CommandContext(ctx, filepath.Join(dir, "echo"), strconv.Itoa(connections)), err
}

func jaxwsServer(ctx context.Context, dir, _ string) (*exec.Cmd, error) {
	source, err := filepath.Abs("bench/jaxws")
	if err != nil {
		return nil, err
	}
	contract, err := filepath.Abs(wsdl)
	if err != nil {
		return nil, err
	}
	err = in(ctx, dir,
		[]string{"wsimport", "-quiet", "-Xnocompile", "-d", ".", contract},
		[]string{"javac", "-encoding", "UTF-8", "-nowarn", "-cp", jaxWSRuntime, "-sourcepath", ".:" + source, "-d", ".", filepath.Join(source, "Echo.java")})
	// Without nodelay the JDK's server waits 40 ms with an answer; threads that compile
	// would end and take with them what they took.
	return exec.CommandContext(ctx, "java", "-Dsun.net.httpserver.nodelay=true", "-XX:-UseDynamicNumberOfCompilerThreads",
		"-cp", dir+":"+jaxWSRuntime, "Echo", strconv.Itoa(connections)), err
}

func nodeServer(ctx context.Context, _, _ string) (*exec.Cmd, error) {
	// npm writes the hidden lock file last: one that is not older than ours means installed.
	done, missing := os.Stat("bench/node/node_modules/.package-lock.json")
	locked, err := os.Stat("bench/node/package-lock.json")
	if err != nil {
		return nil, err
	}
	if missing != nil || locked.ModTime().After(done.ModTime()) {
		if err := in(ctx, "bench/node", []string{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"}); err != nil {
			return nil, fmt.Errorf("npm ci in bench/node needs the npm registry once: %w", err)
		}
	}
	return exec.CommandContext(ctx, "node", "bench/node/echo.js", wsdl), nil
}

func nethttpServer(ctx context.Context, dir, echoed string) (*exec.Cmd, error) {
	file := filepath.Join(dir, "nethttp")
	_, err := rig.Output(ctx, "go", "build", "-o", file, "./bench/nethttp")
	return exec.CommandContext(ctx, file, echoed), err
}

// in runs commands in a folder, one after the other.
func in(ctx context.Context, dir string, commands ...[]string) error {
	for _, command := range commands {
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", command[0], err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}
