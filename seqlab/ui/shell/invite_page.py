"""The poster of a class, for the projector: address, QR code and code to join, as large as the screen allows."""

from html import escape
from string import Template

from seqlab.classroom.invitation import Invitation
from seqlab.figures.qr import LONGEST, qr_svg

_POSTER = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Join the class · seqlab</title>
<link rel="icon" href="data:,">
<style>
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 3vmin;
  background: #fff; color: #000; line-height: 1.25;
  font: 600 clamp(18px, 3.4vmin, 60px)/1.25 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
main { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 4vmin; width: 100%; }
figure { margin: 0; width: min(86vmin, 92vw); max-width: 60vw; }
section { flex: 1 1 30vw; min-width: min(90vw, 18em); }
h1 { font-size: 1.5em; margin: 0 0 0.6em; }
p { margin: 0; font-weight: 400; }
.address { font-size: 1.35em; font-weight: 650; overflow-wrap: anywhere; margin-bottom: 0.9em; }
.code { font: 650 2.7em/1.2 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  letter-spacing: 0.12em; overflow-wrap: anywhere; }
.code.own { font-size: 1.7em; letter-spacing: 0; }
@media (max-aspect-ratio: 1/1) { figure { max-width: none; } }
</style>
</head>
<body>
<main>
$picture
<section>
<h1>Join the class</h1>
<p>Open with a camera, or type</p>
<p class="address">$address</p>
<p>and then the code</p>
<p class="code$own">$code</p>
</section>
</main>
</body>
</html>
""")


def inviting(invitation: Invitation) -> str:
    """The poster as a page of its own, without a script; an address too long for a QR code is shown alone."""
    link, code = invitation.joining, invitation.keys.code
    picture = f"<figure>{qr_svg(link, 'QR code that opens the page to join')}</figure>" if len(link) <= LONGEST else ""
    address = escape(invitation.address).replace("/", "/<wbr>")  # where a long one may be broken
    return _POSTER.substitute(picture=picture, address=address, code=escape(code),
                              own="" if code.isalpha() and code.isupper() and len(code) <= 8 else " own")
