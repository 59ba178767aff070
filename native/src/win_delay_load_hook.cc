// Windows only, and not run yet there: the addon names node.exe as the owner of the Node-API functions, but Electron
// has them in an executable of another name. The loader asks here, and is given whatever this process runs.
#ifdef _WIN32

#include <windows.h>

#include <delayimp.h>
#include <string.h>

static FARPROC WINAPI UseThisProcess(unsigned int event, DelayLoadInfo* info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

decltype(__pfnDliNotifyHook2) __pfnDliNotifyHook2 = UseThisProcess;

#endif
