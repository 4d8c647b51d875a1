# %% id="by-regular-expression" why="finds the parts by patterns and keeps a mask"
import re


def read_bits(header):
    return {m[1]: int(m[2], 0) for m in re.finditer(r"^#define\s+(\w+)\s+(0x[0-9a-fA-F]+)", header, re.MULTILINE)}


def flags_of(line):
    return int(re.fullmatch(r"\d+ \(.*\) \S(?: -?\d+){5} (\d+).*", line, re.DOTALL)[1])


def decode(line, bits):
    flags = flags_of(line)
    known = sum(bits.values())
    rest = flags & ~known
    return sorted((n for n in bits if flags & bits[n]), key=bits.get) + [hex(rest)] * bool(rest)


# %% id="step-by-step" why="takes the text apart with index and loops over the 32 bits"
def read_bits(header):
    found = {}
    for line in header.split("\n"):
        if "#define" in line:
            parts = line.split()
            found[parts[1]] = int(parts[2], base=16)
    return found


def flags_of(line):
    start = line.rindex(") ") + 2
    return int(line[start:].split(" ")[6])


def decode(line, bits):
    by_bit = {}
    for name in bits:
        by_bit.setdefault(bits[name], name)
    names = []
    flags = flags_of(line)
    for bit in sorted(by_bit):
        if flags & bit == bit:
            names.append(by_bit[bit])
            flags ^= bit
    if flags != 0:
        names.append(f"0x{flags:x}")
    return names
