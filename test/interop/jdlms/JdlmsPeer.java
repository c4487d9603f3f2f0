import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.openmuc.jdlms.AccessResultCode;
import org.openmuc.jdlms.AttributeAccessMode;
import org.openmuc.jdlms.AttributeAddress;
import org.openmuc.jdlms.AuthenticationMechanism;
import org.openmuc.jdlms.CosemAttribute;
import org.openmuc.jdlms.CosemClass;
import org.openmuc.jdlms.CosemInterfaceObject;
import org.openmuc.jdlms.DlmsConnection;
import org.openmuc.jdlms.DlmsServer;
import org.openmuc.jdlms.GetResult;
import org.openmuc.jdlms.LogicalDevice;
import org.openmuc.jdlms.ObisCode;
import org.openmuc.jdlms.SecuritySuite;
import org.openmuc.jdlms.SecuritySuite.EncryptionMechanism;
import org.openmuc.jdlms.SecuritySuite.SecurityPolicy;
import org.openmuc.jdlms.SelectiveAccessDescription;
import org.openmuc.jdlms.TcpConnectionBuilder;
import org.openmuc.jdlms.datatypes.CosemDateTime;
import org.openmuc.jdlms.datatypes.DataObject;
import org.openmuc.jdlms.datatypes.DataObject.Type;

/**
 * jDLMS on the other end, as a program of its own.
 *
 * serve PORT ROWS: a meter with a register (1.0.1.7.0.255: 1234567, scaler -3, W), a clock, and a profile of four channels with so many rows of a
 * minute from 2026-01-01T00:00 on, whose channel c of row k is k + c / 4. Client 16 shows nothing, 17 the password "Gurux", 1 has keys.
 * read PORT CLIENT wrapper|hdlc none|low|gmac PASSWORD [NAME/CLASS/ATTRIBUTE[/FROM/TO] ...]: reads each, a line each; FROM and TO are entries, or
 * local times. Keys are those of the golden exchanges.
 */
public class JdlmsPeer {
    static final byte[] ENCRYPTION = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    static final byte[] AUTHENTICATION = HexFormat.of().parseHex("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf");

    @CosemClass(id = 3, version = 0)
    public static class Register extends CosemInterfaceObject {
        @CosemAttribute(id = 2, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = AttributeAccessMode.READ_ONLY)
        public DataObject value = DataObject.newUInteger32Data(1234567);

        @CosemAttribute(id = 3, type = Type.STRUCTURE, accessMode = AttributeAccessMode.READ_ONLY)
        public DataObject scalerUnit =
                DataObject.newStructureData(DataObject.newInteger8Data((byte) -3), DataObject.newEnumerateData(27));

        public Register() {
            super(new ObisCode(1, 0, 1, 7, 0, 255));
        }
    }

    @CosemClass(id = 8, version = 0)
    public static class Clock extends CosemInterfaceObject {
        @CosemAttribute(id = 2, type = Type.OCTET_STRING)
        public DataObject time =
                DataObject.newOctetStringData(new CosemDateTime(2026, 1, 1, 4, 0, 0, 0, 0, 0).encode());

        public Clock() {
            super(new ObisCode(0, 0, 1, 0, 0, 255));
        }
    }

    @CosemClass(id = 7, version = 1)
    public static class Profile extends CosemInterfaceObject {
        static final int CHANNELS = 4;
        final List<DataObject> rows = new ArrayList<>();
        final List<LocalDateTime> times = new ArrayList<>();

        @CosemAttribute(id = 2, type = Type.ARRAY, accessMode = AttributeAccessMode.READ_ONLY, selector = {1, 2})
        public DataObject buffer;

        @CosemAttribute(id = 3, type = Type.ARRAY, accessMode = AttributeAccessMode.READ_ONLY)
        public DataObject captureObjects;

        @CosemAttribute(id = 4, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = AttributeAccessMode.READ_ONLY)
        public DataObject capturePeriod = DataObject.newUInteger32Data(60);

        @CosemAttribute(id = 7, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = AttributeAccessMode.READ_ONLY)
        public DataObject entriesInUse;

        public Profile(int count) {
            super(new ObisCode(1, 0, 99, 1, 0, 255));
            LocalDateTime at = LocalDateTime.of(2026, 1, 1, 0, 0);
            for (int k = 0; k < count; k++) {
                List<DataObject> row = new ArrayList<>();
                CosemDateTime time = new CosemDateTime(at.getYear(), at.getMonthValue(), at.getDayOfMonth(),
                        at.getDayOfWeek().getValue(), at.getHour(), at.getMinute(), 0, 0, 0);
                row.add(DataObject.newOctetStringData(time.encode()));
                row.add(DataObject.newUInteger32Data(1));
                for (int c = 0; c < CHANNELS; c++) row.add(DataObject.newFloat32Data(k + c / 4f));
                rows.add(DataObject.newStructureData(row));
                times.add(at);
                at = at.plusMinutes(1);
            }
            entriesInUse = DataObject.newUInteger32Data(count);
            List<DataObject> captured = new ArrayList<>();
            captured.add(captured(8, new byte[] {0, 0, 1, 0, 0, (byte) 255}));
            captured.add(captured(1, new byte[] {0, 0, 96, 10, 1, (byte) 255}));
            for (int c = 1; c <= CHANNELS; c++) captured.add(captured(3, new byte[] {1, 0, (byte) c, 29, 0, (byte) 255}));
            captureObjects = DataObject.newArrayData(captured);
        }

        static DataObject captured(int id, byte[] name) {
            return DataObject.newStructureData(DataObject.newUInteger16Data(id), DataObject.newOctetStringData(name),
                    DataObject.newInteger8Data((byte) 2), DataObject.newUInteger16Data(0));
        }

        public DataObject getBuffer(SelectiveAccessDescription selection) {
            if (selection == null) return DataObject.newArrayData(rows);
            List<DataObject> parameters = selection.getAccessParameter().getValue();
            if (selection.getAccessSelector() == 2) {
                long from = ((Number) parameters.get(0).getValue()).longValue();
                long to = ((Number) parameters.get(1).getValue()).longValue();
                int end = to == 0 ? rows.size() : (int) Math.min(to, rows.size());
                return DataObject.newArrayData(rows.subList((int) Math.max(0, from - 1), end));
            }
            LocalDateTime from = timeOf(parameters.get(1));
            LocalDateTime to = timeOf(parameters.get(2));
            int first = 0;
            while (first < times.size() && times.get(first).isBefore(from)) first++;
            int end = first;
            while (end < times.size() && !times.get(end).isAfter(to)) end++;
            return DataObject.newArrayData(rows.subList(first, end));
        }

        static LocalDateTime timeOf(DataObject given) {
            byte[] bytes = given.getValue();
            ByteBuffer view = ByteBuffer.wrap(bytes);
            return LocalDateTime.of(view.getShort(0), bytes[2], bytes[3], bytes[5], bytes[6], Math.max(0, bytes[7]));
        }
    }

    static SecuritySuite suiteOf(String mechanism, String password) {
        SecuritySuite.SecuritySuiteBuilder suite = SecuritySuite.builder();
        switch (mechanism) {
            case "low":
                return suite.setAuthenticationMechanism(AuthenticationMechanism.LOW)
                        .setPassword(password.getBytes(StandardCharsets.US_ASCII)).build();
            case "gmac":
                return suite.setAuthenticationMechanism(AuthenticationMechanism.HLS5_GMAC)
                        .setEncryptionMechanism(EncryptionMechanism.AES_GCM_128)
                        .setGlobalUnicastEncryptionKey(ENCRYPTION).setAuthenticationKey(AUTHENTICATION)
                        .setSecurityPolicy(SecurityPolicy.AUTHENTICATED_AND_ENCRYPTED).build();
            default:
                return suite.setAuthenticationMechanism(AuthenticationMechanism.NONE).build();
        }
    }

    static void serve(int port, int rows) throws IOException, InterruptedException {
        LogicalDevice device = new LogicalDevice(1, "JDL0000000000001", "JDL", 1);
        device.setMasterKey(AUTHENTICATION);
        device.addRestriction(16, suiteOf("none", ""));
        device.addRestriction(17, suiteOf("low", "Gurux"));
        device.addRestriction(1, suiteOf("gmac", ""));
        device.registerCosemObject(new Register(), new Clock(), new Profile(rows));
        DlmsServer server = DlmsServer.tcpServerBuilder(port).registerLogicalDevice(device).setMaxClients(100).build();
        System.out.println("ready");
        System.out.flush();
        while (System.in.read() >= 0) continue;
        server.shutdown();
    }

    static String textOf(DataObject data) {
        if (data.getType() == Type.ARRAY || data.getType() == Type.STRUCTURE) {
            List<DataObject> members = data.getValue();
            return members.stream().map(JdlmsPeer::textOf).collect(Collectors.joining(",", "[", "]"));
        }
        if (data.isByteArray()) return "\"" + HexFormat.of().formatHex((byte[]) data.getValue()) + "\"";
        if (data.isNull()) return "null";
        if (data.isNumber() || data.isBoolean()) return String.valueOf((Object) data.getValue());
        return "\"" + data.getRawValue() + "\"";
    }

    static SelectiveAccessDescription selectionOf(String from, String to) {
        if (!from.contains("T"))
            return new SelectiveAccessDescription(2, DataObject.newStructureData(
                    DataObject.newUInteger32Data(Long.parseLong(from)), DataObject.newUInteger32Data(Long.parseLong(to)),
                    DataObject.newUInteger16Data(1), DataObject.newUInteger16Data(0)));
        return new SelectiveAccessDescription(1, DataObject.newStructureData(
                Profile.captured(8, new byte[] {0, 0, 1, 0, 0, (byte) 255}), timeOf(from), timeOf(to),
                DataObject.newArrayData(new ArrayList<>())));
    }

    static DataObject timeOf(String text) {
        LocalDateTime at = LocalDateTime.parse(text);
        return DataObject.newOctetStringData(new CosemDateTime(at.getYear(), at.getMonthValue(), at.getDayOfMonth(), 255,
                at.getHour(), at.getMinute(), at.getSecond(), 0, 0x8000).encode());
    }

    static void read(String[] words) throws IOException {
        TcpConnectionBuilder builder = new TcpConnectionBuilder("127.0.0.1").setPort(Integer.parseInt(words[1]));
        builder.setClientId(Integer.parseInt(words[2])).setLogicalDeviceId(1).setPhysicalDeviceAddress(1);
        if (words[3].equals("hdlc")) builder.useHdlc();
        else builder.useWrapper();
        builder.setSecuritySuite(suiteOf(words[4], words[5])).setChallengeLength(16).setFrameCounter((System.currentTimeMillis() >> 2) & 0xffffffffL);
        builder.setSystemTitle("JDL", 7).setResponseTimeout(20_000);
        try (DlmsConnection connection = builder.build()) {
            for (int k = 6; k < words.length; k++) {
                String[] parts = words[k].split("/");
                SelectiveAccessDescription selection = parts.length == 5 ? selectionOf(parts[3], parts[4]) : null;
                GetResult found = connection.get(new AttributeAddress(
                        Integer.parseInt(parts[1]), new ObisCode(parts[0]), Integer.parseInt(parts[2]), selection));
                boolean isThere = found.getResultCode() == AccessResultCode.SUCCESS;
                System.out.println(isThere ? textOf(found.getResultData()) : "\"" + found.getResultCode() + "\"");
            }
        }
    }

    public static void main(String[] words) throws Exception {
        if (words[0].equals("serve")) serve(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        else read(words);
    }
}
