@echo off
rem Starts Unroll from a checkout: the twin of the file "unroll" for Windows. UNROLL_JAVA_HOME and UNROLL_JAVA_OPTS as there.
setlocal EnableExtensions
set "ROOT=%~dp0"
set "JAR=%ROOT%cli\target\unroll.jar"

set "JAVA="
call :try "%UNROLL_JAVA_HOME%"
call :try "%JAVA_HOME%"
for /f "delims=" %%j in ('where java 2^>nul') do call :try "%%~dpj.."
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\jdk*" "%ProgramFiles%\Java\jdk*" "%ProgramFiles%\Microsoft\jdk*" "%USERPROFILE%\.jdks\*") do call :try "%%~d"
if not defined JAVA (
  echo unroll: no JDK 25 or newer found 1>&2
  echo   get one:  winget install EclipseAdoptium.Temurin.25.JDK 1>&2
  echo   or say where it is:  set UNROLL_JAVA_HOME=C:\path\to\jdk 1>&2
  exit /b 2
)

if /i "%~1"=="bench" for %%v in (--all --list --quick) do (
  if /i "%~2"=="%%v" (
    echo unroll: the comparison with other engines runs on Linux alone ^(x86-64^) 1>&2
    exit /b 2
  )
)

if not exist "%JAR%" (
  echo unroll: building ^(once^) ... 1>&2
  pushd "%ROOT%"
  call mvn -q -B -ntp -Dmaven.test.skip=true package 1>&2
  popd
)
if not exist "%JAR%" exit /b 1

set "OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
for %%v in (train resume evaluate generate explain lesson quickstart gradcheck bench doctor) do (
  if /i "%~1"=="%%v" set "OPTIONS=-XX:+UseParallelGC -XX:MaxRAMPercentage=60 --add-modules jdk.incubator.vector -XX:CompileCommand=quiet -XX:CompileCommand=CompileThresholdScaling,org.unroll.kernel.*::*,0.02 -XX:CompileCommand=BackgroundCompilation,org.unroll.kernel.*::*,false -XX:Tier4BackEdgeThreshold=4000000"
)
rem How the user called this: suggestions begin with it.
set UNROLL_CALLED=%0
"%JAVA%" %OPTIONS% %UNROLL_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:try
if defined JAVA exit /b 0
if "%~1"=="" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==." %%r in ('findstr /b "JAVA_VERSION=" "%~1\release"') do call :check "%~1" "%%~r"
exit /b 0

:check
set "MAJOR=%~2"
set "MAJOR=%MAJOR:"=%"
if %MAJOR% GEQ 25 set "JAVA=%~1\bin\java.exe"
exit /b 0
