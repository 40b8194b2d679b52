"""A pseudo-terminal whose other end is this program's standard input and output. Prints its name first."""
import os, pty, select, tty

master, slave = pty.openpty()
tty.setraw(slave)
os.write(1, (os.ttyname(slave) + "\n").encode())
while True:
    ready, _, _ = select.select([0, master], [], [])
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            break
        os.write(master, data)
    if master in ready:
        os.write(1, os.read(master, 65536))
