import Glibc
import Telemetry

exit(FunctionProgram.run(variables: processEnvironment()))
