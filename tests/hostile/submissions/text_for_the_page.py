# exercise = "5d"
# tries = "markup, escape sequences and lone surrogates for whoever reads it"
# states = ["failed"]
# share = 0.0
# checks = [0]

def judge(calls):
    print("\x1b[2J<script>alert(1)</script>")
    return "\ud800\x1b[31m<script>alert(1)</script>=cmd()"
