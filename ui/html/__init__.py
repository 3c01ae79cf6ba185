"""What the panes show, as HTML: everything is escaped, only our own tags are markup."""
