[playlist]
File1=/music/01 - Pine Street - Rain.mp3
Title1=Pine Street - Rain
Length1=201
File2=https://radio.example.invalid/x
Title2=A station
Length2=-1
File4=C:\Music\Bo - Hail.flac
Title10=
NumberOfEntries=3
Version=2
