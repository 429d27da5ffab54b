"""Kernels forked from a process that has imported beforehand what notebooks import (Linux; elsewhere ordinary ones).

```
runner, Voilà, nbval ── provisioner ── hello over a private socket ──► fork server (imports only, one thread)
        │                                                                   │ fork
        └───────── folder, environment, arguments, over a channel ────► kernel of its own process group
```

The server never sees a request's content: it is read by the forked child. A child is used for one notebook.
"""
