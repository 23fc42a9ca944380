export {
  addOffset,
  addrBytes,
  addrFromBigInt,
  addrFromBytes,
  addrFromWords,
  addrToBigInt,
  addrWords,
  compareAddr,
  familyOf,
  intToIp4,
  ip4ToInt,
  isLimitedBroadcast,
  isLinkLocal,
  isLoopback,
  isLoopback4,
  isMapped4,
  isMulticast,
  isUnspecified,
  isZeronet,
  parseAddr,
  type Words,
} from './address';
export { concat, latin1Bytes, latin1Text, putU16, putU32, u16, u32 } from './bytes';
export {
  foldSum,
  internetChecksum,
  ipv4HeaderChecksum,
  ipv4HeaderOk,
  pseudoHeaderSum,
  replaceSum,
  sumWords,
  trimSum,
} from './checksum';
export { crc32c } from './crc32c';
export { type DccpHeader, dccpHeader } from './dccp';
export { type Side, withAddr, withDf, withHeaderAddr, withId, withTos, withTtl } from './edit-ip';
export { mssOption, stripTcpOption, tcpmssManglePacket, withAddedTcpMss, withTcpMss } from './edit-options';
export { trimmed, withInner, withTcpPayload, withUdpPayload } from './edit-payload';
export {
  type TcpPatch,
  withGreCallId,
  withIcmpId,
  withPort,
  withTcp,
  withTcpFlags,
  withTransportBytes,
} from './edit-transport';
export { type FragmentOptions, fragmentPacket } from './fragment';
export { type GreHeader, greHeader } from './gre';
export { ICMP, ICMP_CODE, ICMPV6, ICMPV6_CODE, icmpProtocol, isDiscovery, isIcmpError } from './icmp';
export { icmpTypeName } from './icmp-names';
export { extensionLength, isExtensionHeader, lastHeader } from './ipv6';
export { buildPacket, type LabIcmp, type LabPacket, type LabTcp, type LabUdp, labProtocol } from './lab-packet';
export { BROADCAST_MAC, formatMac, isMulticastMac, localMac, type Mac, macBytes, multicastMac, parseMac } from './mac';
export {
  type MakeIcmp,
  type MakeIcmpError,
  type MakeIp,
  type MakeTcp,
  type MakeUdp,
  makeIcmp,
  makeIcmpError,
  makeIp,
  makeTcp,
  makeUdp,
} from './make';
export {
  type Addr,
  type ExtensionHeader,
  type Family,
  type HeaderError,
  type IcmpHeader,
  IPPROTO,
  IPV6_MIN_MTU,
  type Packet,
  type TcpHeader,
  type UdpHeader,
} from './packet';
export { innerPacket, isErrorMessage, parsePacket, parseQuoted, payloadOf } from './parse';
export { type LabPayload, payloadBytes, payloadJson } from './payload';
export { hasPorts, ports } from './ports';
export {
  broadcastOf,
  makePrefix,
  maskAddr,
  maskLength,
  maskOf,
  type Prefix,
  parsePrefix,
  prefixContains,
  prefixText,
} from './prefix';
export { protocolName, protocolNames, protocolNumber } from './protocols';
export { reassemble } from './reassemble';
export {
  type RecordedIcmp,
  type RecordedIp,
  type RecordedPacket,
  type RecordedTcp,
  type RecordedUdp,
  type RecordOptions,
  recordPacket,
} from './recorded';
export { type SctpChunk, type SctpChunks, type SctpHeader, sctpChunks, sctpHeader } from './sctp';
export { serviceByName, serviceByPort, serviceNames } from './services';
export { endpointText, flagNames, summarize } from './summarize';
export {
  emitTcpOptions,
  flagsFromText,
  flagsText,
  TCP_ACK,
  TCP_CWR,
  TCP_ECE,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
  TCPOPT,
  type TcpOptions,
  tcpIsSigned,
  tcpTimestamp,
  tcpTimestampAt,
} from './tcp';
export { checksumOk, summedRight } from './transport';
