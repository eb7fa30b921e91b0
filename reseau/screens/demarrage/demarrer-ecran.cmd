@echo off
rem Affiche l'ecran en plein ecran et relance le navigateur s'il s'arrete. Alt + F4, puis fermer cette fenetre : arreter.
setlocal DisableDelayedExpansion
set "DOSSIER=%~dp0"
set "NAVIGATEUR=%RESEAU_NAVIGATEUR%"
if defined NAVIGATEUR goto trouve
for %%N in (
  "%ProgramFiles%\Google\Chrome\Application\chrome.exe"
  "%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe"
  "%LocalAppData%\Google\Chrome\Application\chrome.exe"
  "%LocalAppData%\Chromium\Application\chrome.exe"
  "%ProgramFiles%\Chromium\Application\chrome.exe"
  "%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe"
  "%ProgramFiles%\Microsoft\Edge\Application\msedge.exe"
) do if not defined NAVIGATEUR if exist %%N set "NAVIGATEUR=%%~N"
if defined NAVIGATEUR goto trouve
echo Aucun navigateur trouve. Installez Google Chrome ou Microsoft Edge, puis recommencez.
pause
exit /b 1

:trouve
rem A cote du dossier, et non dedans : le dossier est remplace a chaque mise a jour.
for %%P in ("%~dp0..") do set "PROFIL=%%~fP\navigateur-ecran"
mkdir "%PROFIL%" 2>nul
copy /y nul "%PROFIL%\essai.tmp" >nul 2>nul
if exist "%PROFIL%\essai.tmp" (del "%PROFIL%\essai.tmp") else set "PROFIL=%LocalAppData%\navigateur-ecran"

rem Le mode kiosque d'Edge oublie tout a chaque depart : plein ecran simple avec lui.
set "MODE=--kiosk"
echo "%NAVIGATEUR%" | find /i "msedge" >nul && set "MODE=--start-fullscreen"

:relancer
start "" /wait "%NAVIGATEUR%" %MODE% --user-data-dir="%PROFIL%" --no-first-run --no-default-browser-check --noerrdialogs --disable-session-crashed-bubble --hide-crash-restore-bubble --disable-infobars --disable-notifications --disable-translate --disable-pinch --overscroll-history-navigation=0 --disable-features=Translate,TranslateUI,LocalNetworkAccessChecks --check-for-update-interval=31536000 "%DOSSIER%index.html"
timeout /t 5 /nobreak >nul
goto relancer
