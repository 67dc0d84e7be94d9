"""The hello lab asks its network: every section opens, also where the hidden state itself is the score."""

from seqlab import paths
from seqlab.training.run import Run
from seqlab.ui.lenses.view import lens_views
from tests.support.pages import healthy, opened


def test_every_section_opens_where_the_state_is_the_score(shipped):
    run = Run(paths.checkpoints() / "hello-state")
    for name, view in lens_views().items():
        if view.offered(run):
            app = opened("hello", run=run.id, ask=name, change="h.0[1]=0.5")
            healthy(app)
            assert "h, layer 0, unit 1: set to 0.5" in app.button(key="change-back-0").label.replace("\\", "")
