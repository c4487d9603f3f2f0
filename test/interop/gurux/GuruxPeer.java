import gurux.dlms.GXDLMSConnectionEventArgs;
import gurux.dlms.GXDateTime;
import gurux.dlms.GXSimpleEntry;
import gurux.dlms.ValueEventArgs;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.DataType;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.ObjectType;
import gurux.dlms.enums.SourceDiagnostic;
import gurux.dlms.enums.Unit;
import gurux.dlms.objects.GXDLMSAssociationLogicalName;
import gurux.dlms.objects.GXDLMSCaptureObject;
import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSData;
import gurux.dlms.objects.GXDLMSObject;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.secure.GXDLMSSecureServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/**
 * Gurux for Java as a meter, as a program of its own.
 *
 * GuruxPeer PORT wrapper|hdlc ROWS: a meter with a register (1.0.1.7.0.255: 1234567, scaler -3, W), an energy (1.0.1.8.0.255: 7654321 Wh), a name,
 * and a profile of the energy with so many rows of a quarter of an hour from 2026-01-01T00:15Z on, whose k-th is 1000 + k. Client 16 shows nothing,
 * 17 the password "Gurux".
 */
public class GuruxPeer extends GXDLMSSecureServer {
    static final int MANAGEMENT = 1;

    GuruxPeer(InterfaceType type, int rows) throws Exception {
        super(true, type);
        setMaxReceivePDUSize(1024);
        GXDLMSData name = new GXDLMSData("0.0.42.0.0.255");
        name.setValue("GRX0000000000007");
        GXDLMSRegister power = new GXDLMSRegister("1.0.1.7.0.255");
        power.setValue(1234567);
        power.setDataType(2, DataType.UINT32);
        power.setScaler(0.001);
        power.setUnit(Unit.ACTIVE_POWER);
        GXDLMSRegister energy = new GXDLMSRegister("1.0.1.8.0.255");
        energy.setValue(7654321);
        energy.setDataType(2, DataType.UINT32);
        energy.setScaler(1);
        energy.setUnit(Unit.ACTIVE_ENERGY);
        GXDLMSClock clock = new GXDLMSClock("0.0.1.0.0.255");
        clock.setTime(new GXDateTime(new Date()));
        GXDLMSProfileGeneric profile = new GXDLMSProfileGeneric("1.0.99.1.0.255");
        profile.setCapturePeriod(900);
        profile.addCaptureObject(clock, 2, 0);
        profile.addCaptureObject(energy, 2, 0);
        List<Object[]> buffer = new ArrayList<>();
        LocalDateTime at = LocalDateTime.of(2026, 1, 1, 0, 15);
        for (int k = 0; k < rows; k++) {
            buffer.add(new Object[] {new GXDateTime(Date.from(at.toInstant(ZoneOffset.UTC))), 1000L + k});
            at = at.plusMinutes(15);
        }
        profile.setBuffer(buffer.toArray(new Object[0][]));
        profile.setEntriesInUse(rows);
        // It captures one of its own when somebody comes.
        profile.setProfileEntries(rows + 1000);
        GXDLMSAssociationLogicalName association = new GXDLMSAssociationLogicalName();
        for (GXDLMSObject one : new GXDLMSObject[] {name, power, energy, clock, profile, association}) getItems().add(one);
        association.getObjectList().addAll(getItems());
        initialize();
    }

    @Override
    protected boolean isTarget(int server, int client) {
        boolean isKnown = client == 16 || client == 17;
        if (isKnown) getSettings().setServerAddress(server);
        return isKnown;
    }

    @Override
    protected SourceDiagnostic validateAuthentication(Authentication authentication, byte[] password) {
        if (authentication == Authentication.NONE) return SourceDiagnostic.NONE;
        boolean isRight = authentication == Authentication.LOW && Arrays.equals(password, "Gurux".getBytes());
        return isRight ? SourceDiagnostic.NONE : SourceDiagnostic.AUTHENTICATION_FAILURE;
    }

    @Override
    protected GXDLMSObject onFindObject(ObjectType type, int sn, String ln) {
        return null;
    }

    @Override
    public void read(ValueEventArgs[] args) {}

    @Override
    protected void write(ValueEventArgs[] args) {}

    @Override
    protected void connected(GXDLMSConnectionEventArgs args) {}

    @Override
    protected void invalidConnection(GXDLMSConnectionEventArgs args) {}

    @Override
    protected void disconnected(GXDLMSConnectionEventArgs args) {}

    @Override
    protected void action(ValueEventArgs[] args) {}

    static void serve(Socket socket, GuruxPeer meter) throws Exception {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] bytes = new byte[65_536];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            byte[] answer = meter.handleRequest(Arrays.copyOf(bytes, count));
            if (answer != null && answer.length > 0) out.write(answer);
        }
    }

    public static void main(String[] words) throws Exception {
        InterfaceType type = words[1].equals("hdlc") ? InterfaceType.HDLC : InterfaceType.WRAPPER;
        int rows = Integer.parseInt(words[2]);
        ServerSocket server = new ServerSocket(Integer.parseInt(words[0]), 4, InetAddress.getLoopbackAddress());
        System.out.println("ready " + server.getLocalPort());
        System.out.flush();
        while (true) {
            Socket socket = server.accept();
            new Thread(() -> {
                try (socket) {
                    serve(socket, new GuruxPeer(type, rows));
                } catch (Exception error) {
                    error.printStackTrace();
                }
            }).start();
        }
    }
}
