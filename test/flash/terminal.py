"""A pseudo-terminal whose other end is this program's standard input and output. Prints its name first, then pieces of what
arrives, each behind the speed that is set at the terminal and its length."""
import os, pty, select, struct, termios, tty

master, slave = pty.openpty()
tty.setraw(slave)
os.write(1, (os.ttyname(slave) + "\n").encode())
speeds = {getattr(termios, name): int(name[1:]) for name in dir(termios) if name[0] == "B" and name[1:].isdigit()}


def write_all(file, data):
    while data:
        data = data[os.write(file, data):]


while True:
    ready, _, _ = select.select([0, master], [], [])
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            break
        write_all(master, data)
    if master in ready:
        data = os.read(master, 65536)
        speed = speeds.get(termios.tcgetattr(master)[5], 0)
        write_all(1, struct.pack("<II", speed, len(data)) + data)
