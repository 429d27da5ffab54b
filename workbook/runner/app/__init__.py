"""The app's server: Voilà's notebooks and template, with handlers of our own and one kernel a viewer.

```
browser ── GET page ───────────────► the notebook's text and the last run's figures, ready in memory
        ── GET static, widget code ► a closed list of files, compressed once, kept by the browser
        ── one websocket a page ───► a place among the viewers ─► a kernel that runs the notebook's cells
             {id, content} of a widget's own message             and answers for as long as the socket is open
```

The browser cannot name a kernel, a file or a message of the kernel's protocol: there is no address for any of them.
Before it lets anybody in, the server asks itself for what it must serve and for what it must refuse (`probe`).
"""
