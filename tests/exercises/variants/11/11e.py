# %% id="line-by-line" why="walks through the records once, and stops at the end trace"
def story(records):
    found, before, inside = None, None, False
    for record in records:
        text = record.text
        if found is None:
            if text.startswith("BUG: "):
                found = {"what": text[5:], "who": None, "pid": None, "where": None, "path": [], "before": before}
            before = text
            continue
        if "end trace" in text:
            break
        if " PID: " in text and " Comm: " in text:
            found["pid"] = int(text.split("PID: ")[1].split()[0])
            found["who"] = re.split(r" Tainted| Not tainted", text.split("Comm: ")[1])[0]
        elif text.startswith("RIP: ") and "+" in text:
            found["where"] = text[5:].split(":")[1].split("+")[0]
        elif "TASK>" in text:
            inside = "</" not in text
        elif inside and not text.strip().startswith("?"):
            found["path"].append(text.strip().split("+")[0])
    return found

# %% id="patterns" why="one joined text and regular expressions with the m flag"
def story(records):
    log = "\n".join(record.text for record in records)
    bug = re.search(r"^BUG: (.*)$", log, re.M)
    if not bug:
        return None
    earlier = log[: bug.start()].splitlines()
    report = log[bug.start() : log.index("---[ end trace", bug.start())]
    task = re.search(r"PID: (?P<pid>\d+) Comm: (?P<who>.*?) (Not t|T)ainted", report)
    where = re.search(r"^RIP: \w+:([A-Za-z_][\w.]*)\+", report, re.M)
    trace = report[report.index("<TASK>") : report.index("</TASK>")]
    return {
        "what": bug[1],
        "who": task["who"],
        "pid": int(task["pid"]),
        "where": where[1] if where else None,
        "path": re.findall(r"^ (\w[\w.]*)\+", trace, re.M),
        "before": earlier[-1] if earlier else None,
    }
