// What the views of a trace share: the trace as story.py packed it, with questions one can ask about any step.
const [NEW, RUNNABLE, RUNNING, BLOCKED, EXITED] = [0, 1, 2, 3, 4];
const IN_WORDS = ['not spawned yet', 'runnable', 'running', 'blocked', 'ended'];

// Every nth number of a flat list, from the given offset: one column of a table.
const column = (flat, width, offset) => Int32Array.from({ length: flat.length / width }, (_, i) => flat[i * width + offset]);

// The story that Python packed, with questions one can ask about any step.
function readStory(model) {
  const d = JSON.parse(model.get('data'));
  const n = d.gaps_ns.length;
  const time = new Float64Array(n);
  d.gaps_ns.forEach((gap, i) => { time[i] = gap + (i ? time[i - 1] : 0); });
  const rows = d.rows.map((flat) => ({
    start: column(flat, 4, 0), state: column(flat, 4, 1), waits: column(flat, 4, 2), cpu: column(flat, 4, 3),
  }));
  const events = Int32Array.from(d.events);
  const word = (i) => d.words[i];
  const cause = (step) => d.says[events[step * 5]][1];
  const switches = Int32Array.from(Array.from({ length: n }, (_, i) => i).filter(cause));
  return {
    ...d, n, time, rows, word, cause, switches, marks: switches, when: (step) => duration(time[step] || 0),
    // The words of an event, and its threads by row where a switch has them.
    say: (step) => d.says[events[step * 5]][0].replace(/\{(\d)\}/g, (_, i) => word(events[step * 5 + 1 + +i])),
    thread: (step, i) => events[step * 5 + 1 + i],
    // What thread `row` does after the event `step`.
    at(row, step) {
      const i = lastUpTo(rows[row].start, step);
      if (i < 0) return { state: NEW, since: -1, waits: '', cpu: 0 };
      return { state: rows[row].state[i], since: rows[row].start[i], waits: word(rows[row].waits[i]), cpu: rows[row].cpu[i] };
    },
  };
}
