"""How every HTML page looks: one shell, one style, light and dark; a page is one file that loads nothing."""
