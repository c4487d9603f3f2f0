/*
 * libmodbus' own server loop (tests/bandwidth-server-many-up.c: select, receive, reply), with a thousand holding registers: `tcp` prints the port that it
 * took, `rtu DEVICE` serves unit 1 at 115,200 baud and prints 0. Built by bench/modbus.ts where libmodbus-dev and a C compiler are.
 */
#include <modbus.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define REGISTERS 1000

static int serve_line(const char *device, modbus_mapping_t *mapping) {
  uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];
  modbus_t *context = modbus_new_rtu(device, 115200, 'N', 8, 1);
  modbus_set_slave(context, 1);
  if (modbus_connect(context) == -1) return 1;
  printf("0\n");
  fflush(stdout);
  for (;;) {
    int length = modbus_receive(context, query);
    if (length > 0) modbus_reply(context, query, length, mapping);
    else if (length == -1) return 0;
  }
}

static int serve_tcp(modbus_mapping_t *mapping) {
  uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  modbus_t *context = modbus_new_tcp("127.0.0.1", 0);
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr *)&address, size) == -1 || listen(server, 128) == -1) return 1;
  getsockname(server, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  fd_set known;
  FD_ZERO(&known);
  FD_SET(server, &known);
  int highest = server;
  for (;;) {
    fd_set ready = known;
    if (select(highest + 1, &ready, NULL, NULL, NULL) == -1) return 0;
    for (int one = 0; one <= highest; one++) {
      if (!FD_ISSET(one, &ready)) continue;
      if (one == server) {
        int peer = server;
        modbus_set_socket(context, server);
        if (modbus_tcp_accept(context, &peer) == -1) continue;
        peer = modbus_get_socket(context);
        FD_SET(peer, &known);
        if (peer > highest) highest = peer;
        continue;
      }
      modbus_set_socket(context, one);
      int length = modbus_receive(context, query);
      if (length > 0) modbus_reply(context, query, length, mapping);
      else if (length == -1) {
        close(one);
        FD_CLR(one, &known);
      }
    }
  }
}

int main(int count, char **words) {
  modbus_mapping_t *mapping = modbus_mapping_new(0, 0, REGISTERS, 0);
  for (int k = 0; k < REGISTERS; k++) mapping->tab_registers[k] = 100 + k;
  if (count == 3 && strcmp(words[1], "rtu") == 0) return serve_line(words[2], mapping);
  return serve_tcp(mapping);
}
