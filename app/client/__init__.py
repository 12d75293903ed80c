"""The Python client: what a script, a notebook or an autograder calls.

    from app import client as glassbox_client

    with glassbox_client.connect("http://127.0.0.1:8000") as box:
        s = box.start(preset="worked-example")
        s.forward(by="pass")
        print(s.cost)
        s.backward(by="pass")
        s.update()
        print(s.weights(2))

`Client.local()` does the same without a server. A command that the server cannot do raises a `Problem`. A command whose
answer is lost is sent again under the same key, so that it is never done twice.
"""

from app.client.client import Client, connect
from app.client.problems import Fault, GlassboxError, Problem, Unreachable
from app.client.session import Session
from app.client.training import Trained

__all__ = [
    "Client",
    "Fault",
    "GlassboxError",
    "Problem",
    "Session",
    "Trained",
    "Unreachable",
    "connect",
]
