import TimberlineCLI

TimberlineProgram.main()
