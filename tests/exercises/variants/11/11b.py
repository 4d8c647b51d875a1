# %% id="one-pattern" why="a regular expression for the whole line"
def read_kmsg(text):
    found = []
    for match in re.finditer(r"^(\d+),(\d+),(\d+),([^,;]*)[^;\n]*;(.*)$", text, re.M):
        priority, seq, time_us = (int(match[n]) for n in (1, 2, 3))
        parts = re.split(r"\\x(..)", match[5])
        data = parts[0].encode()
        for code, plain in zip(parts[1::2], parts[2::2]):
            data += bytes.fromhex(code) + plain.encode()
        found.append((priority & 7, priority >> 3, seq, time_us, match[4], data.decode("utf-8")))
    return found

# %% id="by-hand" why="walks through the text character by character"
def read_kmsg(text):
    records = []
    for line in text.split("\n"):
        if line == "" or line[0] == " ":
            continue
        head, body = line.split(";", 1)
        priority, seq, time_us, flags, *_ = head.split(",")
        data, i = bytearray(), 0
        while i < len(body):
            if body[i] == "\\" and body[i + 1] == "x":
                data.append(int(body[i + 2 : i + 4], 16))
                i += 4
            else:
                data += body[i].encode()
                i += 1
        records.append((int(priority) % 8, int(priority) // 8, int(seq), int(time_us), flags, data.decode()))
    return records
