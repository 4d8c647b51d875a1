# ruff: noqa: N802 — Linux's own names
"""Modules: code that insmod brings into the kernel and rmmod takes out again, whoever still runs in it.

A module is an init function and an exit function. A kthread that a module makes runs the module's code. rmmod does not
know of kthreads: when it has called exit(), the code is gone, and a kthread that goes back to it makes an oops.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import here
from labkit.errors import LabError
from labkit.simkernel.backtrace import offset
from labkit.simkernel.errptr import EBUSY, EEXIST, ENOENT, EWOULDBLOCK
from labkit.simkernel.explored import look
from labkit.simkernel.preempt import balance
from labkit.simkernel.report import dump_stack, warn
from labkit.simkernel.symbols import GPL_LICENSES, missing_symbol
from labkit.simkernel.task import Exited, Kernel, current, enter, the_kernel


class Module:
    """A module's file, before it is loaded.

    >>> Module("hello", init=lambda: 0).license
    'GPL'
    """

    def __init__(
        self,
        name: str,
        init: Callable[[], Any] | None = None,
        exit: Callable[[], Any] | None = None,  # noqa: A002 — what the module's other end is called
        license: str = "GPL",  # noqa: A002
    ) -> None:
        self.name = name
        self.init = init
        self.exit = exit
        self.license = license

    @classmethod
    def compile(cls, source: str, name: str = "lab") -> Module:
        """A module from its text: Python with Linux's names, and module_init(f), module_exit(g), MODULE_LICENSE("GPL").

        Raises:
            LabError: the text is no Python, or fails while it is read.
        """
        from labkit import simkernel

        module = cls(name, license="")

        def module_init(fn: Callable[[], Any]) -> Callable[[], Any]:
            module.init = fn
            return fn

        def module_exit(fn: Callable[[], Any]) -> Callable[[], Any]:
            module.exit = fn
            return fn

        def MODULE_LICENSE(text: str) -> None:
            module.license = text

        names = {word: getattr(simkernel, word) for word in simkernel.__all__}
        own = {"module_init": module_init, "module_exit": module_exit, "MODULE_LICENSE": MODULE_LICENSE, "__name__": name}
        for word in ("MODULE_AUTHOR", "MODULE_DESCRIPTION"):
            own[word] = lambda text: None
        try:
            exec(compile(source, f"{name}.py", "exec"), names | own)
        except Exception as error:
            raise LabError(f"module {name} cannot be read: {type(error).__name__}: {error}") from error
        return module


class Loaded:
    """A module in the kernel."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.name = module.name
        self.state = "coming"
        self.refcnt = 0
        self.gone = False

    def taints(self) -> str:
        """Letters of what it does to the kernel: out of tree, unsigned."""
        return ("" if self.module.license in GPL_LICENSES else "P") + "OE"

    def taint_text(self) -> str:
        """What follows its name in "Modules linked in:"; + while it comes, - while it goes."""
        return f"({self.taints()}{ {'coming': '+', 'going': '-'}.get(self.state, '') })"

    def describe(self) -> str:
        """What it is, in words."""
        return f"module '{self.name}'"


def insmod(module: Module) -> int:
    """Load a module and call its init: 0, or what init returned, or the errno for which it was not loaded."""
    machine = enter("insmod", module)
    kernel = the_kernel()
    with machine.no_preempt:
        if module.name in kernel.modules:
            return -EEXIST
        missing = missing_symbol((module.init, module.exit), module.license)
        if missing:
            kernel.say(4, f"{module.name}: Unknown symbol {missing} (err -{ENOENT})")
            return -ENOENT
        loaded = Loaded(module)
        _taint(kernel, loaded)
        kernel.modules[module.name] = loaded
    result = _run(loaded, module.init, "init")
    if current().preempt_count:
        balance(current())
        current().module, current().inside = loaded, "init"
        what = f"initcall {offset(getattr(module.init, '__name__', 'init'))} [{module.name}] returned with preemption imbalance "
        warn("init/main.c", "do_one_initcall", what)
        current().module, current().inside = None, ""
    if result < 0:
        _forget(kernel, loaded)
        return result
    if result > 0:
        who = "do_init_module"
        kernel.say(4, f"{who}: '{module.name}'->init suspiciously returned {result}, it should follow 0/-E convention\n"
                      f"{who}: loading module anyway...")  # fmt: skip
        current().inside = "load"
        dump_stack()
        current().inside = ""
    loaded.state = "live"
    return 0


def rmmod(name: str) -> int:
    """Call a module's exit and take it out: 0, or the errno for which it stays. Its kthreads are not asked for."""
    machine = enter("rmmod", name)
    kernel = the_kernel()
    with machine.no_preempt:
        loaded = kernel.modules.get(name)
        if loaded is None:
            return -ENOENT
        if loaded.state != "live" or (loaded.module.init and not loaded.module.exit):
            return -EBUSY
        if loaded.refcnt:
            return -EWOULDBLOCK
        loaded.state = "going"
    _run(loaded, loaded.module.exit, "exit")
    _forget(kernel, loaded)
    kernel.last_unloaded = f"{name}({loaded.taints()})"
    return 0


def try_module_get(loaded: Any) -> bool:
    """Hold a reference: rmmod refuses as long as there is one. False if the module is going already."""
    machine = enter("try_module_get", loaded)
    with machine.no_preempt:
        if loaded is None:
            return True
        if loaded.state == "going" or loaded.gone:
            return False
        loaded.refcnt += 1
    return True


def module_put(loaded: Any) -> None:
    """Give the reference back."""
    machine = enter("module_put", loaded)
    with machine.no_preempt:
        if loaded is not None:
            loaded.refcnt -= 1


def THIS_MODULE() -> Any:
    """The module whose code runs. A macro without brackets in C."""
    return current().module


def _run(loaded: Loaded, fn: Callable[[], Any] | None, inside: str) -> int:
    """Call init or exit in the module's name."""
    if fn is None:
        return 0
    task = current()
    task.module, task.inside = loaded, inside
    try:
        result = fn()
    except Exited:
        loaded.state = "broken"  # the process died in it: nobody will ever finish this
        raise
    finally:
        task.module, task.inside = None, ""
    return result if isinstance(result, int) else 0


def _forget(kernel: Kernel, loaded: Loaded) -> None:
    """The code is gone from here on."""
    look("free_module", loaded, kernel)
    with here.machine.no_preempt:
        loaded.gone = True
        del kernel.modules[loaded.name]


def _taint(kernel: Kernel, loaded: Loaded) -> None:
    """What the log says when a module comes that is not of this kernel's tree; each but the license only once."""
    name = loaded.name
    if "O" not in kernel.taints:
        kernel.say(4, f"{name}: loading out-of-tree module taints kernel.")
    if "P" in loaded.taints():
        kernel.say(4, f"{name}: module license '{loaded.module.license or 'unspecified'}' taints kernel.")
        if "P" not in kernel.taints:
            kernel.say(4, "Disabling lock debugging due to kernel taint")
    if "E" not in kernel.taints:
        kernel.say(5, f"{name}: module verification failed: signature and/or required key missing - tainting kernel")
    kernel.taints |= set(loaded.taints())
