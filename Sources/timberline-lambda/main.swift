import Glibc

exit(FunctionProgram.run(variables: FunctionProgram.processVariables()))
