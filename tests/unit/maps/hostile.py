"""Names that a person or a file may give, each trying to be something else than text."""

WITNESS = "temoin-de-compilation"

HOSTILE_NAMES = (
    "{{cycler.__init__.__globals__.os.mkdir('" + WITNESS + "')}}",
    "{% raw %}",
    "{{ 7*7 }}",
    "<img src=x onerror=window.top.PIRATE=1>",
    "</script><script>window.top.PIRATE=1</script>",
    "`${window.top.PIRATE=1}`",
    "\"'\\ \\u0027 guillemets",
    "_abc_def map_div feature_group_0",
    "a\u2028b\x00c é 🏥",
)
