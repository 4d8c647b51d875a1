# %% id="reads-hex-as-decimal" why="0x is only decoration, what follows is the number"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number.removeprefix('0x')) for _, name, number, *_ in words}


def flags_of(line):
    after_the_name = line.rpartition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[6])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names + ([hex(left)] if left else [])


# %% id="splits-at-spaces" why="a stat line is fields between spaces, and the flags are the ninth"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}


def flags_of(line):
    return int(line.split()[8])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names + ([hex(left)] if left else [])


# %% id="ends-the-name-at-the-first-bracket" why="the name ends at the first )"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}


def flags_of(line):
    after_the_name = line.partition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[6])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names + ([hex(left)] if left else [])


# %% id="one-field-early" why="fields are counted from 0"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}


def flags_of(line):
    after_the_name = line.rpartition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[5])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names + ([hex(left)] if left else [])


# %% id="loses-the-rest" why="what has no name does not matter"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}


def flags_of(line):
    after_the_name = line.rpartition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[6])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names


# %% id="always-tells-the-rest" why="what is left over is told, also when it is 0"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}


def flags_of(line):
    after_the_name = line.rpartition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[6])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names + [hex(left)]


# %% id="highest-bit-first" why="hexadecimal numbers are read from the left"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}


def flags_of(line):
    after_the_name = line.rpartition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[6])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items(), key=lambda item: -item[1]):
        if left & bit:
            names.append(name)
            left -= bit
    return names + ([hex(left)] if left else [])


# %% id="in-the-order-of-names" why="sorted is sorted"
def read_bits(header):
    words = [line.split() for line in header.splitlines() if line.startswith("#define")]
    return {name: int(number, 16) for _, name, number, *_ in words}


def flags_of(line):
    after_the_name = line.rpartition(")")[2].split()  # state is field 3, so it is [0] here
    return int(after_the_name[6])


def decode(line, bits):
    left, names = flags_of(line), []
    for name, bit in sorted(bits.items()):
        if left & bit:
            names.append(name)
            left -= bit
    return names + ([hex(left)] if left else [])
